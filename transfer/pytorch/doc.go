// Package pytorch reads the files of torch.save: state dicts, and whole checkpoints with
// state dicts in them; zip archives, which PyTorch writes since 1.6, and the legacy form before.
//
// Such a file is a pickle, a program that may call any function. The machine that runs it here knows
// tensors and plain containers, and nothing else: a file that wants more is
// refused, with the name of what it wanted.
package pytorch
