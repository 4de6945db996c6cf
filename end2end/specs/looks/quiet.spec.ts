// The states of the scene "quiet", examined one by one.
import { examine } from "../../matrix";

examine("quiet");
