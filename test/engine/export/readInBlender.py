"""Run by blender.slow.test.ts: opens a file in an empty scene and prints what Blender made of it as one JSON line."""
import json
import sys

import bpy

try:
    import numpy

    # Debian 12 has a Blender whose glTF reader uses a name that its numpy has dropped.
    if not hasattr(numpy, "bool"):
        numpy.bool = bool
except ImportError:
    pass

path, frames = sys.argv[sys.argv.index("--") + 1 :][:2]
bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
if path.endswith(".fbx"):
    bpy.ops.import_scene.fbx(filepath=path)
elif path.endswith(".glb"):
    scene.render.fps = 30
    bpy.ops.import_scene.gltf(filepath=path)
else:
    bpy.ops.wm.obj_import(filepath=path)

told = {
    "fps": scene.render.fps / scene.render.fps_base,
    "objects": [
        {"name": o.name, "type": o.type, "scale": list(o.scale), "parent": o.parent.name if o.parent else None}
        for o in bpy.data.objects
    ],
    "armatures": {a.name: [b.name for b in a.bones] for a in bpy.data.armatures},
    "actions": [
        {
            "name": a.name,
            "range": list(a.frame_range),
            "offGrid": max(abs(k.co[0] - round(k.co[0])) for c in a.fcurves for k in c.keyframe_points),
        }
        for a in bpy.data.actions
    ],
    "vertices": {},
}
for frame in json.loads(frames):
    scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    for o in bpy.data.objects:
        if o.type != "MESH" or not o.modifiers and not path.endswith(".obj"):
            continue
        posed = o.evaluated_get(graph)
        mesh = posed.to_mesh()
        told["vertices"][f"{o.name}@{frame}"] = [
            round(c, 6) for v in mesh.vertices for c in (posed.matrix_world @ v.co)
        ]
        posed.to_mesh_clear()
print("TOLD " + json.dumps(told))
