import { RaceTrack, TRIES } from "@/tests/cluster/rights_race.ts";
await using track = await RaceTrack.open();
const t = performance.now();
for (let i = 0; i < 4; i++) {
  console.log(
    await track.race({
      role: "member",
      run: ({ here, actor, room }, n) => here.run("post", actor, { room, content: `raced ${n}` }),
      isEffect: (effect, { room, actor }) =>
        "entry" in effect && effect.room === room && effect.entry.by.id === actor.person.id &&
        effect.entry.type === "post",
    }, {
      run: ({ there, owner, actor, room }) =>
        there.run("setRole", owner, { room, account: actor.person.id, role: "banned" }),
      isEffect: (effect, { room, owner, actor }) =>
        "entry" in effect && effect.room === room && effect.entry.type === "member" &&
        effect.entry.by.id === owner.person.id && effect.entry.member.id === actor.person.id,
    }, 200),
  );
}
console.log(performance.now() - t);
