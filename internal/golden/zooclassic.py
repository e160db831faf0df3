"""zooclassic.json.gz: MLP, LeNet, AlexNet, VGG, ResNet."""
from torch import nn
from goldenfile import File
from zoofile import ABOUT, Flatten, add

f = File("zooclassic", ABOUT)


def lenet5():
    return nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
                         nn.Conv2d(16, 120, 5), nn.Tanh(), Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


net = lenet5()
add(f, "LeNet-5", "", net, (2, 32, 32, 1), 1, {"C1": net[1], "S2": net[2], "C3": net[4], "S4": net[5], "C5": net[7], "F6": net[10]})

f.save(gz=True)
