package discord

import "time"

// Unhurried lets a test on a busy machine take its time: Discord's three seconds
// are proved elsewhere, on a clock that moves only when told.
func (p *Platform) Unhurried() {
	p.answerTime = time.Minute
	p.cfg.DeferAfter = time.Minute
}
