// The states of the scene "storm", examined one by one.
import { examine } from "../../matrix";

examine("storm");
