// The states of the scene "veto", examined one by one.
import { examine } from "../../matrix";

examine("veto");
