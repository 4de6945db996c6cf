// The states of the scene "host", examined one by one.
import { examine } from "../../matrix";

examine("host");
