package main

import (
	"errors"
	"fmt"
	"math/rand"

	"github.com/plexaura/plexaura/training/dataset"
	"github.com/plexaura/plexaura/training/dataset/text"
)

// leastWords is how long a sentence is at least.
const leastWords = 4

var tokenizer = text.Tokenizer{Fold: true}

// texts are sentences to learn from and to test by, and mails, all in the words of one vocabulary.
type texts struct {
	name        string
	vocabulary  *text.Vocabulary
	train, test *text.Source
	mails       *mails // nil for none
}

// mails are mails with labels: 0 is ham, 1 spam.
type mails struct{ train, test *text.Source }

func (d *texts) String() string {
	s := fmt.Sprintf("%s: %d sentences to learn from, %d to test by; %d words", d.name, d.train.Len(), d.test.Len(), d.vocabulary.Len()-2)
	if d.mails != nil {
		s += fmt.Sprintf("; %d mails to draw labels of, %d to test by", d.mails.train.Len(), d.mails.test.Len())
	}
	return s
}

// load reads what the flags name.
func load(o options) (*texts, error) {
	var mail []mailText
	var err error
	switch {
	case o.mail != "":
		mail, err = readMails(o.mail)
	case o.short:
		mail = toyMails(600)
	case o.corpus == "mail":
		err = errors.New("-corpus mail: give the folder of the mails as -mail")
	}
	if err != nil {
		return nil, err
	}
	// A third of the mails is held back, and of the sentences a tenth.
	shuffle(mail)
	held := len(mail) / 3
	name, sentences, err := corpus(o, mail[held:])
	if err != nil {
		return nil, err
	}
	shuffle(sentences)
	tested := min(2000, len(sentences)/10)
	d := &texts{name: name}
	if err := d.count(sentences[tested:], mail[held:], o.words); err != nil {
		return nil, err
	}
	cfg := text.Config{Tokenizer: tokenizer, Vocabulary: d.vocabulary, Length: o.length, MinTokens: leastWords, SkipEmpty: true}
	if d.train, err = text.New(sentences[tested:], nil, cfg); err != nil {
		return nil, err
	}
	if d.test, err = text.New(sentences[:tested], nil, cfg); err != nil || mail == nil {
		return d, err
	}
	d.mails = &mails{}
	if d.mails.train, err = d.mailSource(mail[held:], o.mailLength); err != nil {
		return nil, err
	}
	d.mails.test, err = d.mailSource(mail[:held], o.mailLength)
	return d, err
}

// shuffle brings texts into an order that is the same for all seeds, which so have the same ones to test by.
func shuffle[T any](x []T) {
	rand.New(rand.NewSource(1)).Shuffle(len(x), func(i, j int) { x[i], x[j] = x[j], x[i] })
}

// count makes the vocabulary of what is learnt from.
func (d *texts) count(sentences []string, mail []mailText, words int) error {
	all := sentences[:len(sentences):len(sentences)]
	for _, m := range mail {
		all = append(all, m.text)
	}
	counts, err := text.Count(all, tokenizer)
	if err != nil {
		return err
	}
	d.vocabulary, err = text.NewVocabulary(counts, text.VocabularyConfig{Size: words + 2})
	return err
}

func (d *texts) mailSource(mail []mailText, length int) (*text.Source, error) {
	var all []string
	var labels []int64
	for _, m := range mail {
		all, labels = append(all, m.text), append(labels, m.label)
	}
	return text.New(all, labels, text.Config{Tokenizer: tokenizer, Vocabulary: d.vocabulary, Length: length, SkipEmpty: true})
}

// few draws so many mails of ham, and as many of spam.
func (m *mails) few(n int, seed int64) (dataset.Source, error) {
	var places []int
	count := [2]int{}
	for _, i := range rand.New(rand.NewSource(seed)).Perm(m.train.Len()) {
		if label := m.train.Labels()[i]; count[label] < n {
			count[label]++
			places = append(places, i)
		}
	}
	if count != [2]int{n, n} {
		return nil, fmt.Errorf("of %d mails to draw %d of each kind from, %d are ham and %d spam", m.train.Len(), n, count[0], count[1])
	}
	return dataset.Subset(m.train, places)
}
