// The states of the scene "waiting", examined one by one.
import { examine } from "../../matrix";

examine("waiting");
