package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func defaults() options {
	return options{epochs: 5, mailEpochs: 40, words: 10000, length: 30, mailLength: 200, corruptions: 3, seeds: 1, seed: 42, short: true}
}

// The small language is learnt: by convolutions nearly all bad sentences are found, and mails are told apart by the words of their kind.
func TestShort(t *testing.T) {
	o := defaults()
	o.out = filepath.Join(t.TempDir(), "out")
	if err := run(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(o.out, "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if len(cells) == 3 {
			rows[cells[0]] = cells[1:]
		} else if len(cells) == 6 {
			rows[cells[0]+" "+cells[1]] = cells[2:]
		}
	}
	if len(rows["cnn"]) != 2 || rows["cnn"][0] < ".9" || rows["cnn"][1] < ".9" {
		t.Errorf("convolutions find %v of the bad sentences; want .9", rows["cnn"])
	}
	for _, encoder := range encoders {
		for _, start := range starts {
			if got := rows[encoder+" "+start]; len(got) != len(labels) || got[3] < ".85" && !strings.HasPrefix(got[3], "1") {
				t.Errorf("%s %s: accuracies %v; want .85 with 100 labels", encoder, start, got)
			}
		}
	}
}

// Files of a folder are read as what they are: verses, sayings, and mails of several parts.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("text/kjv", "Ge1:5 And God called the light Day. And the evening:\nGe1:6 And God said, Let there be!\n%\nna\xefve \"Yes.\" No")
	write("text/index.dat", "nothing")
	got, err := read(filepath.Join(dir, "text"))
	want := []string{"And God called the light Day. ", "And the evening: And God said, Let there be! ", "naïve \"Yes.\" ", "No "}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the sentences are %q, %v; want %q", got, err, want)
	}
	write("mail/easy-ham/1.txt", "From me  Thu Aug 22 16:37:34 2002\nSubject: =?iso-8859-1?Q?na=EFve?=\nContent-Type: text/plain\n\nhello\n")
	write("mail/easy-ham/1.json", "nothing")
	write("mail/spam-1/2.txt", "Subject: buy\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/html\nContent-Transfer-Encoding: "+
		"quoted-printable\n\n<b>now</b> &amp; =63heap\n--B--\n")
	write("mail/spam-1/3.txt", "no header here\n\nbut text")
	mails, err := readMails(filepath.Join(dir, "mail"))
	if err != nil || len(mails) != 3 {
		t.Fatalf("%v, %v", mails, err)
	}
	for i, want := range []mailText{{"naïve hello", 0}, {"buy now & cheap", 1}, {"but text", 1}} {
		if got := strings.Join(strings.Fields(mails[i].text), " "); got != want.text || mails[i].label != want.label {
			t.Errorf("mail %d is %q of class %d; want %v", i, got, mails[i].label, want)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	empty := t.TempDir()
	for want, spoil := range map[string]func(o *options){
		"-seeds 0":        func(o *options) { o.seeds = 0 },
		"-corruptions -1": func(o *options) { o.corruptions = -1 },
		"-length 3":       func(o *options) { o.length = 3 },
		"no_such":         func(o *options) { o.corpus = "no_such" },
		"mkdir main.go":   func(o *options) { o.out, o.corpus = "main.go/out", "no_such" }, // before the data are looked for
		"as -mail":        func(o *options) { o.corpus, o.short = "mail", false },
		"0 mails of ham":  func(o *options) { o.mail = empty },
		"0 of 0 words":    func(o *options) { o.corpus, o.short = empty, false },
	} {
		o := defaults()
		spoil(&o)
		if err := run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want an error that says %s", err, want)
		}
	}
}
