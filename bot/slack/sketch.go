package slack

import (
	"encoding/json"

	slackgo "github.com/slack-go/slack"

	"village/bot"
	"village/bot/adapter"
)

// Sketch writes what Slack would be sent, without being connected.
type Sketch struct{ table []bot.Command }

// NewSketch knows the commands of a table.
func NewSketch(table []bot.Command) Sketch { return Sketch{table} }

// Answer is a message that somebody has just asked for. direct says that they are alone
// with the bot, where a picture can be shown.
func (s Sketch) Answer(m bot.Message, direct bool) ([]adapter.Body, error) {
	var files map[string][]byte
	if direct && m.Image != nil && clean(m.Image.Alt) != "" && len(m.Image.PNG) > 0 {
		files = map[string][]byte{m.Image.Name: m.Image.PNG}
		m.Image = nil
	}
	var out []adapter.Body
	for _, pg := range render(m) {
		b, err := bodyOf(pg)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	if len(out) > 0 {
		out[0].Files = files
	}
	return out, nil
}

// Post is a message in a channel.
func (s Sketch) Post(m bot.Message) ([]adapter.Body, error) { return s.Edited(m, false) }

// Direct is a message to somebody who did not ask for it just now.
func (s Sketch) Direct(m bot.Message) ([]adapter.Body, error) { return s.Edited(m, true) }

// Edited is what a message becomes that has to stay one.
func (s Sketch) Edited(m bot.Message, direct bool) ([]adapter.Body, error) {
	pg, err := onePage(m)
	if err != nil {
		return nil, err
	}
	if direct {
		pg = pg.discreet(m.Title)
	}
	b, err := bodyOf(pg)
	return []adapter.Body{b}, err
}

// Form is a form as it opens.
func (s Sketch) Form(f bot.Form) (adapter.Body, error) {
	view, err := formView(f, formMeta{}, nil, s.table)
	if err != nil {
		return adapter.Body{}, err
	}
	data, err := json.Marshal(view)
	return adapter.Body{JSON: data}, err
}

func bodyOf(pg page) (adapter.Body, error) {
	data, err := json.Marshal(struct {
		Text   string          `json:"text"`
		Blocks []slackgo.Block `json:"blocks"`
	}{pg.text, pg.blocks})
	return adapter.Body{JSON: data}, err
}
