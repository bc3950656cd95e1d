"""Poses a SMPL-format npz in numpy alone, and with smplx where it is installed, and compares with what Retake made.

Call: smplOracle.py BODY.npz POSES.npz POSED.npz; prints one JSON object of largest differences in m.
"""

import json
import sys

import numpy as np

body, given, posed = (dict(np.load(path)) for path in sys.argv[1:4])
frames = len(given["poses"])
poses = given["poses"].reshape(frames, 24, 3).astype(float)
betas = np.broadcast_to(given["betas"], (frames, 10)).astype(float)
parents = body["kintree_table"][0].astype(np.int64)
assert body["kintree_table"].dtype == np.uint32 and parents[0] == 2**32 - 1


def rotation(axis_angle):
    angle = np.linalg.norm(axis_angle)
    x, y, z = axis_angle / max(angle, 1e-12)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


worst = {"vertices": 0.0, "joints": 0.0}
for frame in range(frames):
    local = np.array([rotation(vector) for vector in poses[frame]])
    shaped = body["v_template"] + body["shapedirs"].astype(float) @ betas[frame]
    joints = body["J_regressor"].astype(float) @ shaped
    rest = shaped + body["posedirs"].astype(float) @ (local[1:] - np.eye(3)).ravel()
    world, places = np.zeros((24, 3, 3)), np.zeros((24, 3))
    for joint in range(24):
        if joint == 0:
            world[0], places[0] = local[0], joints[0]
            continue
        parent = parents[joint]
        world[joint] = world[parent] @ local[joint]
        places[joint] = places[parent] + world[parent] @ (joints[joint] - joints[parent])
    moved = places - np.einsum("jab,jb->ja", world, joints)
    blended = np.einsum("vj,jab->vab", body["weights"], world)
    vertices = np.einsum("vab,vb->va", blended, rest) + body["weights"] @ moved + given["trans"][frame]
    worst["vertices"] = max(worst["vertices"], float(np.abs(vertices - posed["vertices"][frame]).max()))
    worst["joints"] = max(worst["joints"], float(np.abs(places + given["trans"][frame] - posed["joints"][frame]).max()))

result = {"types": {name: str(array.dtype) for name, array in body.items()}, "numpy": worst}
try:
    import torch
    from smplx import SMPL
    from smplx.utils import Struct

    model = SMPL("", data_struct=Struct(**body), create_transl=False, batch_size=frames)
    with torch.no_grad():
        out = model(
            betas=torch.tensor(betas).float(),
            global_orient=torch.tensor(poses[:, 0]).float(),
            body_pose=torch.tensor(poses[:, 1:]).float().reshape(frames, 69),
            transl=torch.tensor(given["trans"]).float(),
        )
    result["smplx"] = {
        "vertices": float(np.abs(out.vertices.numpy() - posed["vertices"]).max()),
        "joints": float(np.abs(out.joints[:, :24].numpy() - posed["joints"]).max()),
    }
except ImportError as missing:
    result["noSmplx"] = str(missing)
print(json.dumps(result))
