package handlers

import (
	"time"

	"village/bot"
	"village/handlers/words"
)

// to is whoever uses a command, as a reader of what is said about times in a zone.
func (a *App) to(r bot.Request, zone *time.Location) words.Reader {
	return words.Reader{ID: r.From.ID, Zone: zone, Now: a.Now(), Language: a.Languages.For(r.Locale)}
}

// toPerson is somebody (an ID) who is told something that they did not ask for
// just now; "" is a room. Their language is that of whoever has set none.
func (a *App) toPerson(id string, zone *time.Location) words.Reader {
	return words.Reader{ID: id, Zone: zone, Now: a.Now(), Language: a.Languages.For("")}
}

// update is an answer that takes the place of the message whose button was tapped.
func update(m bot.Message) bot.Reply { return bot.Reply{Update: true, Messages: []bot.Message{m}} }
