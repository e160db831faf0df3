package main

import (
	"fmt"
	"math/rand"
	"strings"
)

// The small language: sentences of what beings of three kinds do with things of their kind.
var kinds = []struct{ beings, verbs, things []string }{
	{strings.Fields("dog cat fox bear wolf hare"), strings.Fields("chases smells bites eats hunts"), strings.Fields("bone mouse fish berry root")},
	{strings.Fields("painter writer singer dancer poet actor"), strings.Fields("makes studies praises sells invents"), strings.Fields("picture novel song play poem")},
	{strings.Fields("pilot driver sailor rider captain guard"), strings.Fields("steers repairs parks rents cleans"), strings.Fields("plane truck boat horse train")},
}

var adjectives = strings.Fields("old young quick slow happy tired")

func toySentence(r *rand.Rand, kind int) string {
	k := kinds[kind]
	pick := func(words []string) string { return words[r.Intn(len(words))] }
	s := fmt.Sprintf("the %s %s %s the %s", pick(adjectives), pick(k.beings), pick(k.verbs), pick(k.things))
	if r.Intn(2) == 0 {
		s += " and the " + pick(k.things)
	}
	return s + "."
}

func toySentences(n int) []string {
	r := rand.New(rand.NewSource(1))
	all := make([]string, n)
	for i := range all {
		all[i] = toySentence(r, r.Intn(len(kinds)))
	}
	return all
}

// toyMails are two sentences each: in ham of beasts, in spam of vehicles, or of either about artists.
func toyMails(n int) []mailText {
	r := rand.New(rand.NewSource(2))
	all := make([]mailText, n)
	for i := range all {
		label := r.Intn(2)
		all[i] = mailText{toySentence(r, 1) + " " + toySentence(r, 2*label), int64(label)}
	}
	return all
}
