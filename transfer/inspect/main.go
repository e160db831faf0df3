// Command inspect prints what a model's file holds: its tensors, its graph (the types of nodes with their counts, inputs and outputs), and its metadata:
//
//	go run ./transfer/inspect [-json] [-nodes] FILE
//
// With -nodes the nodes of the graph are listed too, each with its type, what goes in and what comes out, by the names that network.Network.Node takes.
// FILE is whatever transfer.Open or transfer.OpenModel opens.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/pkg/errors"
)

func main() {
	asJSON := flag.Bool("json", false, "print JSON")
	nodes := flag.Bool("nodes", false, "list the nodes of the graph")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: inspect [-json] [-nodes] FILE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := inspect(os.Stdout, flag.Arg(0), *asJSON, *nodes); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func inspect(w io.Writer, path string, asJSON, nodes bool) error {
	c, err := read(path)
	if err != nil {
		return err
	}
	if c.Graph != nil && !nodes {
		c.Graph.List = nil
	}
	if !asJSON {
		return c.print(w)
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return errors.WithStack(e.Encode(c))
}
