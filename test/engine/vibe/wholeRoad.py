"""The road of VIBE's demo, written anew from the project's reference on general libraries (ffmpeg, OpenCV, torchvision,
torch, NumPy), as an oracle for wholeRoad.slow.test.ts. Prints the largest differences to a vibe_output.pkl as JSON.

usage: wholeRoad.py VIDEO BOXES.mot VIBE.pth.tar SPIN.pth.tar SMPL.npz J_regressor_extra.npy vibe_output.pkl PERSON
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import joblib
import numpy as np
import torch
import torchvision

video, boxes_file, vibe_file, spin_file, smpl_file, extra_file, output_file, person = sys.argv[1:]
VERTEX_JOINTS = [332, 6260, 2800, 4071, 583, 3216, 3226, 3387, 6617, 6624, 6787, 2746, 2319, 2445, 2556, 2673, 6191, 5782, 5905,
                 6016, 6133]
MEAN = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
DEVIATION = torch.tensor([0.229, 0.224, 0.225])[:, None, None]


def pictures():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(['ffmpeg', '-loglevel', 'error', '-i', video, '-f', 'image2', f'{folder}/%06d.png'], check=True)
        return [cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB) for path in sorted(Path(folder).glob('*.png'))]


def square_boxes():
    frames, boxes = [], []
    for line in open(boxes_file):
        frame, _, x, y, width, height = map(float, line.split(',')[:6])
        side = max(width, height)
        frames.append(int(frame) - 1)
        boxes.append([x + width / 2, y + height / 2, side, side])
    return frames, np.array(boxes)


def crop(picture, box):
    cx, cy, side = box[0], box[1], box[2] * 1.1
    source = np.zeros((3, 2), np.float32)
    source[0] = [cx, cy]
    source[1] = np.array([cx, cy]) + np.array([0, side * 0.5], np.float32)
    source[2] = np.array([cx, cy]) + np.array([side * 0.5, 0], np.float32)
    target = np.float32([[112, 112], [112, 224], [224, 112]])
    warped = cv2.warpAffine(picture, cv2.getAffineTransform(source, target), (224, 224), flags=cv2.INTER_LINEAR)
    return (torch.from_numpy(warped.transpose(2, 0, 1)).float() / 255 - MEAN) / DEVIATION


def theta(crops):
    vibe = torch.load(vibe_file, map_location='cpu')['gen_state_dict']
    spin = torch.load(spin_file, map_location='cpu')['model']
    backbone = torchvision.models.resnet50()
    backbone.fc = torch.nn.Identity()
    backbone.load_state_dict({k: v for k, v in spin.items() if k.startswith(('conv1', 'bn1', 'layer'))})
    backbone.eval()
    gru = torch.nn.GRU(2048, 1024, 2)
    gru.load_state_dict({k[len('encoder.gru.'):]: v for k, v in vibe.items() if k.startswith('encoder.gru.')})
    layer = lambda name, x: x @ vibe[f'{name}.weight'].T + vibe[f'{name}.bias']
    with torch.no_grad():
        features = torch.cat([backbone(torch.stack(crops[k:k + 8])) for k in range(0, len(crops), 8)])
        encoded = torch.cat([layer('encoder.linear', torch.relu(gru(block[:, None])[0][:, 0])) + block
                             for block in features.split(450)])
        pose, betas, camera = (vibe[f'regressor.init_{k}'].expand(len(encoded), -1) for k in ('pose', 'shape', 'cam'))
        for _ in range(3):
            state = torch.cat([encoded, pose, betas, camera], 1)
            state = layer('regressor.fc2', layer('regressor.fc1', state))
            pose = pose + layer('regressor.decpose', state)
            betas = betas + layer('regressor.decshape', state)
            camera = camera + layer('regressor.deccam', state)
    return pose.numpy().astype(np.float64), betas.numpy().astype(np.float64), camera.numpy().astype(np.float64)


def rotations(pose):
    six = pose.reshape(-1, 24, 3, 2)
    unit = lambda v: v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-6)
    first = unit(six[..., 0])
    second = unit(six[..., 1] - (first * six[..., 1]).sum(-1, keepdims=True) * first)
    return np.stack([first, second, np.cross(first, second)], -1)


def smpl(model, parents, betas, local):
    shaped = model['v_template'] + model['shapedirs'] @ betas
    rest = model['J_regressor'] @ shaped
    posed = shaped + model['posedirs'] @ (local[1:] - np.eye(3)).reshape(-1)
    world = np.zeros((24, 4, 4))
    for joint in range(24):
        step = np.eye(4)
        step[:3, :3] = local[joint]
        step[:3, 3] = rest[joint] - (rest[parents[joint]] if joint else 0)
        world[joint] = world[parents[joint]] @ step if joint else step
    joints = world[:, :3, 3].copy()
    for joint in range(24):
        world[joint, :3, 3] -= world[joint, :3, :3] @ rest[joint]
    skin = np.einsum('vj,jab->vab', model['weights'], world)
    return np.einsum('vab,vb->va', skin[:, :3, :3], posed) + skin[:, :3, 3], joints


frames, boxes = square_boxes()
all_pictures = pictures()
height, width = all_pictures[0].shape[:2]
pose6d, betas, camera = theta([crop(all_pictures[frame], box) for frame, box in zip(frames, boxes)])
local = rotations(pose6d)
model = dict(np.load(smpl_file))
extra = np.load(extra_file)
parents = model['kintree_table'][0].astype(np.int64)
found = joblib.load(output_file)[int(person)]
worst = lambda a, b: float(np.abs(np.asarray(a, np.float64) - b).max())
axis_angles = np.array([[cv2.Rodrigues(matrix)[0][:, 0] for matrix in row] for row in local])
side = boxes[:, 2]
sx, sy = camera[:, 0] * side / width, camera[:, 0] * side / height
whole = np.stack([sx, sy, (boxes[:, 0] - width / 2) / (width / 2) / sx + camera[:, 1],
                  (boxes[:, 1] - height / 2) / (height / 2) / sy + camera[:, 2]], 1)
result = {'frames': list(map(int, found['frame_ids'])) == frames, 'pose': worst(found['pose'].reshape(-1, 24, 3), axis_angles),
          'camera': worst(found['pred_cam'], camera), 'betas': worst(found['betas'], betas), 'boxes': worst(found['bboxes'], boxes),
          'wholeCamera': worst(found['orig_cam'], whole), 'vertices': 0.0, 'joints': 0.0, 'pictureJoints': 0.0,
          'types': {key: str(value.dtype) for key, value in found.items() if value is not None}}
for row in range(len(frames)):
    vertices, skeleton = smpl(model, parents, betas[row], local[row])
    picked = np.concatenate([skeleton, vertices[VERTEX_JOINTS], extra @ vertices])
    # Nose, mid hip, left heel and right hip of the 49 joints; their places in the 54 that they are picked from.
    for joint, source in ((0, 24), (8, 0), (21, 31), (27, 45)):
        result['joints'] = max(result['joints'], worst(found['joints3d'][row][joint], picked[source]))
    result['vertices'] = max(result['vertices'], worst(found['verts'][row], vertices))
    s, tx, ty = camera[row]
    points = found['joints3d'][row].astype(np.float64) + [tx, ty, 2 * 5000 / (224 * s + 1e-9)]
    seen = 0.5 * 224 * (5000 * points[:, :2] / points[:, 2:] / 112 + 1) * side[row] / 224 + boxes[row, :2] - side[row] / 2
    result['pictureJoints'] = max(result['pictureJoints'], worst(found['joints2d_img_coord'][row], seen))
print(json.dumps(result))
