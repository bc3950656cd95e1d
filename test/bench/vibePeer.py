"""The peer of vibe.ts: the networks of the reference (vibe-smpl 3 to 5) in plain PyTorch operations, with the synthetic weights
of test/fixtures/vibe. Reads one JSON call a line ({"task": "backbone", "batch": 8} or {"task": "temporal", "frames": 450}),
answers {"seconds": s, "processor": processor seconds of all threads, "first": first numbers of the result}. No code of the original."""
import json
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures", "vibe")
manifest = json.load(open(os.path.join(folder, "manifest.json")))["tensors"]


def hashed(name, count):
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = (np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)).astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return (x >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def tensors(group, prefix):
    found = {}
    for entry in manifest[group]:
        values = hashed(entry["name"], int(np.prod(entry["shape"]))) * entry["gain"] + entry["offset"]
        found[entry["name"][len(prefix):]] = torch.from_numpy(values.astype(np.float32).reshape(entry["shape"]))
    return found


R = tensors("backbone", "hmr.")
E = tensors("encoder_released", "encoder.")
H = tensors("regressor", "regressor.")


def norm(x, key):
    return F.batch_norm(x, R[key + ".running_mean"], R[key + ".running_var"], R[key + ".weight"], R[key + ".bias"])


def backbone(x):
    x = F.relu(norm(F.conv2d(x, R["conv1.weight"], stride=2, padding=3), "bn1"))
    x = F.max_pool2d(x, 3, 2, 1)
    for stage, blocks in enumerate((3, 4, 6, 3)):
        for number in range(blocks):
            key = f"layer{stage + 1}.{number}."
            stride = 2 if stage > 0 and number == 0 else 1
            y = F.relu(norm(F.conv2d(x, R[key + "conv1.weight"]), key + "bn1"))
            y = F.relu(norm(F.conv2d(y, R[key + "conv2.weight"], stride=stride, padding=1), key + "bn2"))
            y = norm(F.conv2d(y, R[key + "conv3.weight"]), key + "bn3")
            if number == 0:
                x = norm(F.conv2d(x, R[key + "downsample.0.weight"], stride=stride), key + "downsample.1")
            x = F.relu(y + x)
    return x.mean(dim=(2, 3))


gru = torch.nn.GRU(2048, 1024, num_layers=2)
gru.load_state_dict({name[4:]: value for name, value in E.items() if name.startswith("gru.")})
gru.eval()


def temporal(x):
    """T x 1 x 2048 features to rotations and axis-angle: encoder, three iterations, 6D, log map."""
    y, _ = gru(x)
    y = (F.linear(F.relu(y), E["linear.weight"], E["linear.bias"]) + x).reshape(-1, 2048)
    n = y.shape[0]
    pose = torch.tensor([1.0, 0, 0, 1, 0, 0]).repeat(24).expand(n, -1)
    shape = torch.zeros(n, 10)
    cam = torch.tensor([0.9, 0, 0]).expand(n, -1)
    for _ in range(3):
        h = F.linear(torch.cat([y, pose, shape, cam], 1), H["fc1.weight"], H["fc1.bias"])
        h = F.linear(h, H["fc2.weight"], H["fc2.bias"])
        pose = pose + F.linear(h, H["decpose.weight"], H["decpose.bias"])
        shape = shape + F.linear(h, H["decshape.weight"], H["decshape.bias"])
        cam = cam + F.linear(h, H["deccam.weight"], H["deccam.bias"])
    six = pose.reshape(-1, 3, 2)
    b1 = F.normalize(six[:, :, 0], eps=1e-6)
    b2 = F.normalize(six[:, :, 1] - (b1 * six[:, :, 1]).sum(1, keepdim=True) * b1, eps=1e-6)
    matrices = torch.stack([b1, b2, torch.cross(b1, b2, dim=1)], 2)
    cosine = ((matrices.diagonal(dim1=1, dim2=2).sum(1) - 1) / 2).clamp(-1, 1)
    return matrices, torch.acos(cosine)


torch.set_num_threads(int(os.environ.get("RETAKE_BENCH_THREADS", "2")))
with torch.no_grad():
    for line in sys.stdin:
        call = json.loads(line)
        if call["task"] == "version":
            print(json.dumps({"seconds": 0, "processor": 0, "first": [], "version": torch.__version__}), flush=True)
            continue
        if call["task"] == "backbone":
            data = torch.from_numpy(hashed("bench.crops", call["batch"] * 3 * 224 * 224).astype(np.float32))
            data, run = data.reshape(call["batch"], 3, 224, 224), backbone
        else:
            data = torch.from_numpy(hashed("bench.features", call["frames"] * 2048).astype(np.float32) * 0.5 + 0.5)
            data, run = data.reshape(call["frames"], 1, 2048), temporal
        start, processor = time.perf_counter(), time.process_time()
        result = run(data)
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        first = (result[0] if isinstance(result, tuple) else result).flatten()[:8].tolist()
        print(json.dumps({"seconds": seconds, "processor": processor, "first": first}), flush=True)
