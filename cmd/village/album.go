package main

import (
	"bytes"
	"fmt"
	"html/template"
	"os"
	"path/filepath"

	"village/bot"

	_ "embed"
)

//go:embed album.html
var albumPage string

// album is conversations in pictures, as a page that shows them beside one another.
type album struct {
	Title, About string
	Pages        []albumPageOf
}

// albumPageOf is one conversation.
type albumPageOf struct {
	ID, Title, About string
	Columns          []albumColumn
	// Words are the same in words, for whoever does not see pictures.
	Words string
}

// albumColumn is one client's pictures, by file name.
type albumColumn struct {
	Client string
	Files  []string
}

// pictures writes a reel's pictures into a folder, each with a name that begins alike,
// and gives them.
func (r *reel) pictures(dir, prefix string, table []bot.Command) ([]albumColumn, error) {
	var out []albumColumn
	for _, c := range clients(table) {
		drawn, err := r.draw(c.client, c.name)
		if err != nil {
			return nil, fmt.Errorf("drawing it for %s: %w", c.name, err)
		}
		column := albumColumn{Client: map[string]string{"discord": "Discord", "slack": "Slack"}[string(c.name)]}
		for i, data := range drawn {
			name := fmt.Sprintf("%s%s-%d.png", prefix, c.name, i+1)
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
				return nil, errUsage{err}
			}
			column.Files = append(column.Files, name)
		}
		out = append(out, column)
	}
	return out, nil
}

// write writes the page.
func (a album) write(dir string) error {
	page, err := template.New("album").Parse(albumPage)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, a); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), out.Bytes(), 0o644); err != nil {
		return errUsage{err}
	}
	return nil
}
