// One picture of every line of the catalogue in both themes, and of some on a desk.
import { test } from "../house";
import { reach, stage } from "../matrix";
import { scenes } from "../states";
import { camera, desk } from "./camera";

const DESK = ["now", "now-waiting", "cluster-degraded", "recovery-ended", "timeline-filled", "rule", "settings"];

for (const [name, scene] of Object.entries(scenes)) {
  test.describe(name, () => {
    const house = stage(scene);
    test(`pictures of "${name}"`, async ({ page, noise }) => {
      test.setTimeout(300_000);
      noise.expect(/status of 4\d\d|status of 503|ERR_/);
      const take = camera(house, page);
      for (const [at, state] of scene.states.entries()) {
        if (!state.open && (at === 0 || scene.states[at - 1].open)) await house.signIn(page);
        await reach(page, house, state);
        await take(state.name);
        if (DESK.includes(state.name)) await desk(page, state.name);
        await state.leave?.(page, house);
      }
    });
  });
}
