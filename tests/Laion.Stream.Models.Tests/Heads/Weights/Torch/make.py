# Makes the fixtures of TorchFileTests with torch.save (written with torch 1.13): a linear head and a small MLP, in both of torch's forms.
# Values are fixed fractions, so that the tests can name them; nothing here comes from a published head.
import torch
from collections import OrderedDict

def linear(inputs, outputs, start):
    layer = torch.nn.Linear(inputs, outputs)
    with torch.no_grad():
        layer.weight.copy_((torch.arange(inputs * outputs, dtype=torch.float32).reshape(outputs, inputs) + start) / 8)
        layer.bias.copy_((torch.arange(outputs, dtype=torch.float32) + start) / 4)
    return layer

head = linear(4, 1, 1)
mlp = torch.nn.Sequential(linear(4, 3, -5), torch.nn.ReLU(), torch.nn.Dropout(0.2), linear(3, 2, -2), torch.nn.ReLU(), torch.nn.Dropout(0.2), linear(2, 1, 1))
for name, zipped in (("zip", True), ("legacy", False)):
    save = lambda value, file: torch.save(value, file, _use_new_zipfile_serialization=zipped)
    save(head.state_dict(), f"linear_{name}.pth")
    save(OrderedDict((f"layers.{k}", v) for k, v in mlp.state_dict().items()), f"mlp_{name}.pth")
    save({"epoch": 3, "state_dict": head.half().state_dict()}, f"half_{name}.pth")
    head.float()
    # A transposed view and two tensors of one storage: shapes and strides say what belongs to whom.
    both = torch.arange(8, dtype=torch.float32)
    save({"weight": both[:4].reshape(4, 1).t(), "bias": both[7:]}, f"view_{name}.pth")
    normed = torch.nn.Sequential(linear(4, 1, 1), torch.nn.BatchNorm1d(1)).state_dict()
    save(OrderedDict((k, v) for k, v in normed.items() if v.is_floating_point()), f"batchnorm_{name}.pth")
    save(head, f"module_{name}.pth")
