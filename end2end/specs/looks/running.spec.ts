// The states of the scene "running", examined one by one.
import { examine } from "../../matrix";

examine("running");
