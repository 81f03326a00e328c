// The behaviours every page may use. Each improves a page that already works without it.
import { startLive } from "./live.js";
import { startBlooms } from "./bloom.js";
import { startKeys } from "./keys.js";
import { showCurrent } from "./strip.js";

startBlooms(document);
showCurrent(document);
startKeys(document);
startLive(document.body);
