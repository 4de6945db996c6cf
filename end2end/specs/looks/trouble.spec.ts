// The states of the scene "trouble", examined one by one.
import { examine } from "../../matrix";

examine("trouble");
