"""The peer of meshes.ts: SMPL's six steps on PyTorch, batched, as reference texts of the model describe them.

Reads a number of rounds from each line of standard input and answers with seconds of wall and processor time a batch.
"""

import sys
import time

import torch

VERTICES, BATCH = 6890, 64
PARENTS = [-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21]

torch.set_num_threads(int(sys.argv[1]))
generator = torch.Generator().manual_seed(0)


def random(*shape):
    return torch.randn(*shape, generator=generator)


template, shapedirs, posedirs = random(VERTICES, 3), random(VERTICES, 3, 10) * 0.01, random(207, VERTICES * 3) * 0.004
regressor, weights = torch.softmax(random(24, VERTICES), 1), torch.softmax(random(VERTICES, 24) * 4, 1)
betas, poses = random(BATCH, 10), random(BATCH, 72) * 0.4


def rotations(axis_angles):
    angle = torch.norm(axis_angles + 1e-8, dim=1, keepdim=True)
    x, y, z = torch.split(axis_angles / angle, 1, dim=1)
    zero = torch.zeros_like(x)
    cross = torch.cat([zero, -z, y, z, zero, -x, -y, x, zero], 1).view(-1, 3, 3)
    sine, cosine = torch.sin(angle).unsqueeze(1), torch.cos(angle).unsqueeze(1)
    return torch.eye(3) + sine * cross + (1 - cosine) * torch.bmm(cross, cross)


def meshes():
    shaped = template + torch.einsum("bl,mkl->bmk", betas, shapedirs)
    joints = torch.einsum("bik,ji->bjk", shaped, regressor)
    local = rotations(poses.reshape(-1, 3)).view(BATCH, 24, 3, 3)
    features = (local[:, 1:] - torch.eye(3)).reshape(BATCH, -1)
    posed = shaped + torch.matmul(features, posedirs).view(BATCH, VERTICES, 3)
    bones = joints.clone()
    bones[:, 1:] -= joints[:, PARENTS[1:]]
    last = torch.tensor([0.0, 0, 0, 1]).expand(BATCH, 24, 1, 4)
    steps = torch.cat([torch.cat([local, bones.unsqueeze(-1)], 3), last], 2)
    chain = [steps[:, 0]]
    for joint in range(1, 24):
        chain.append(torch.matmul(chain[PARENTS[joint]], steps[:, joint]))
    world = torch.stack(chain, 1)
    at_rest = torch.cat([joints, torch.zeros(BATCH, 24, 1)], 2).unsqueeze(-1)
    maps = world - torch.nn.functional.pad(torch.matmul(world, at_rest), [3, 0])
    blended = torch.matmul(weights.expand(BATCH, VERTICES, 24), maps.view(BATCH, 24, 16)).view(BATCH, VERTICES, 4, 4)
    whole = torch.cat([posed, torch.ones(BATCH, VERTICES, 1)], 2).unsqueeze(-1)
    return torch.matmul(blended, whole)[:, :, :3, 0]


with torch.no_grad():
    for _ in range(5):
        meshes()
    print("ready", flush=True)
    for line in sys.stdin:
        rounds = int(line)
        wall, used = time.perf_counter(), time.process_time()
        for _ in range(rounds):
            meshes()
        print((time.perf_counter() - wall) / rounds, (time.process_time() - used) / rounds, flush=True)
