/** What a closed surface that may cut itself encloses, m3. */
export interface Enclosed {
  /** Inside once or more: the room that the body really takes. */
  union: number;
  /** Inside twice or more, counted once less than the surface goes round: where limbs sink into each other. */
  overlap: number;
  /** Inside out: where a fold has turned over. */
  inverted: number;
}

/** Distance of the columns that are looked along, m. */
const PITCH = 0.003;
/** Share of a pitch by which columns miss whole multiples, so that no vertex on the middle plane lies on one. */
const OFFSET = [0.371, 0.593] as const;

interface Crossing {
  height: number;
  /** 1 where the column goes in, -1 where it goes out. */
  turn: number;
}

/** Where vertical columns cross the surface, by column. */
function findCrossings(triangles: ArrayLike<number>, positions: ArrayLike<number>): Map<number, Crossing[]> {
  const columns = new Map<number, Crossing[]>();
  for (let face = 0; face < triangles.length; face += 3) {
    const [a, b, c] = [triangles[face]! * 3, triangles[face + 1]! * 3, triangles[face + 2]! * 3];
    const [ax, az] = [positions[a]! / PITCH - OFFSET[0], positions[a + 2]! / PITCH - OFFSET[1]];
    const [bx, bz] = [positions[b]! / PITCH - OFFSET[0], positions[b + 2]! / PITCH - OFFSET[1]];
    const [cx, cz] = [positions[c]! / PITCH - OFFSET[0], positions[c + 2]! / PITCH - OFFSET[1]];
    const area = (bx - ax) * (cz - az) - (bz - az) * (cx - ax);
    if (area === 0) continue;
    for (let x = Math.ceil(Math.min(ax, bx, cx)); x <= Math.max(ax, bx, cx); x++) {
      for (let z = Math.ceil(Math.min(az, bz, cz)); z <= Math.max(az, bz, cz); z++) {
        const u = ((x - ax) * (cz - az) - (z - az) * (cx - ax)) / area;
        const w = ((bx - ax) * (z - az) - (bz - az) * (x - ax)) / area;
        if (u < 0 || w < 0 || u + w > 1) continue;
        const [own, second, third] = [positions[a + 1]!, positions[b + 1]!, positions[c + 1]!];
        const height = own + u * (second - own) + w * (third - own);
        const key = x * 4096 + z;
        const list = columns.get(key);
        // The normal of a triangle points up when its area in (x, z) is negative: there the column leaves.
        if (list) list.push({ height, turn: Math.sign(area) });
        else columns.set(key, [{ height, turn: Math.sign(area) }]);
      }
    }
  }
  return columns;
}

/** Measures a posed body by how often its surface goes round each point of vertical columns, 3 mm apart. */
export function enclosedBy(triangles: ArrayLike<number>, positions: ArrayLike<number>): Enclosed {
  const result: Enclosed = { union: 0, overlap: 0, inverted: 0 };
  for (const crossings of findCrossings(triangles, positions).values()) {
    crossings.sort((p, q) => p.height - q.height);
    let winding = 0;
    crossings.forEach(({ height, turn }, k) => {
      winding += turn;
      const length = ((crossings[k + 1]?.height ?? height) - height) * PITCH * PITCH;
      if (winding > 0) result.union += length;
      if (winding > 1) result.overlap += (winding - 1) * length;
      if (winding < 0) result.inverted -= winding * length;
    });
  }
  return result;
}
