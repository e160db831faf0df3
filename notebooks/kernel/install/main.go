// Command install builds the notebook kernel from this clone and makes it known to Jupyter, for the user who runs it:
//
//	go run ./notebooks/kernel/install             build and install, or bring up to date
//	go run ./notebooks/kernel/install -uninstall  take it away again
//
// The kernel is gophernotes with Plexaura, Gorgonia and the plotting library linked in. Kernels with different -name
// live side by side, as those of two clones do.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/plexaura/plexaura/internal/sources"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if err := run(ctx, os.Args[1:], build); err != nil {
		fmt.Fprintln(os.Stderr, "install:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, build func(ctx context.Context, root, program string) error) error {
	flags := flag.NewFlagSet("install", flag.ExitOnError)
	name := flags.String("name", "plexaura", "name of the kernel; letters, digits, '.', '-' and '_'")
	display := flags.String("display", "", `what Jupyter calls it (default "Go (Plexaura)", or "Go (NAME)" with -name)`)
	data := flags.String("data", "", "Jupyter's data `folder` (default: what jupyter --data-dir says)")
	remove := flags.Bool("uninstall", false, "remove the kernel")
	flags.Parse(args)
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	if err := checkName(*name); err != nil {
		return err
	}
	jupyter, err := findJupyter(ctx)
	if *data == "" {
		if err != nil {
			return err
		}
		*data = jupyter.data
	}
	// kernel.json has the program's path, which Jupyter starts from any folder.
	if *data, err = filepath.Abs(*data); err != nil {
		return err
	}
	k := newKernel(*data, *name)
	k.Display = *display
	if *remove {
		return k.uninstall()
	}
	root, err := sources.Root(".")
	if err != nil {
		return fmt.Errorf("%w; run it in the root of a clone", err)
	}
	if err := k.install(ctx, root, build); err != nil {
		return err
	}
	if jupyter.missing {
		fmt.Println(howToGetJupyter)
	}
	return nil
}
