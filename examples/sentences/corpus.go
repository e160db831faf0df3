package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

// fortunes is where Debian's package of that name puts its sayings.
const fortunes = "/usr/share/games/fortunes"

// corpus reads the text that the flags name, and takes it apart into sentences.
func corpus(o options, mail []mailText) (name string, sentences []string, err error) {
	switch {
	case o.corpus == "mail":
		for _, m := range mail {
			sentences = append(sentences, split(m.text)...)
		}
		return "the mails", sentences, nil
	case o.corpus != "":
		sentences, err = read(o.corpus)
		return filepath.Base(o.corpus), sentences, err
	case o.short:
		return "a small language", toySentences(2000), nil
	}
	if _, err := os.Stat(fortunes); err != nil {
		return "", nil, fmt.Errorf("there is no text: give a file of it as -corpus (Debian's bible-kjv writes one by: bible -f gen1:1-rev22:21 > kjv.txt), "+
			"or install Debian's fortunes (%w)", err)
	}
	sentences, err = read(fortunes)
	return "fortunes", sentences, err
}

// read reads a file, or all of a folder but those with an extension, such as the indices of the sayings.
func read(path string) (sentences []string, err error) {
	err = filepath.WalkDir(path, func(file string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || file != path && filepath.Ext(file) != "" {
			return err
		}
		content, err := os.ReadFile(file)
		sentences = append(sentences, split(decoded(content))...)
		return err
	})
	return sentences, err
}

var (
	verse      = regexp.MustCompile(`(?m)^\w+:\d+ `)    // what the Bible has in front of its lines
	paragraph  = regexp.MustCompile(`\n\s*\n|\n%\s*\n`) // a line of % ends a saying
	sentence   = regexp.MustCompile(`[.!?]+["')\]]*\s`) // its end
	overstrike = regexp.MustCompile(".\b")              // of old printers
)

// split takes a text apart into sentences.
func split(text string) (sentences []string) {
	text = overstrike.ReplaceAllString(strings.ReplaceAll(text, "\r\n", "\n"), "")
	for _, p := range paragraph.Split(verse.ReplaceAllString(text, ""), -1) {
		p = strings.Join(strings.Fields(p), " ") + " "
		for p != " " && p != "" {
			end := len(p)
			if at := sentence.FindStringIndex(p); at != nil {
				end = at[1]
			}
			sentences = append(sentences, p[:end])
			p = p[end:]
		}
	}
	return sentences
}

// decoded is text as UTF-8: what is not that is Latin-1, of which every byte is a letter.
func decoded(content []byte) string {
	if utf8.Valid(content) {
		return string(content)
	}
	letters := make([]rune, len(content))
	for i, b := range content {
		letters[i] = rune(b)
	}
	return string(letters)
}
