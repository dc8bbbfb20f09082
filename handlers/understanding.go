package handlers

import (
	"village/handlers/understand"
)

// Understand says what words mean, without carrying anything out.
func (a *App) Understand(h understand.Heard) understand.Reading { return a.ear.Read(h, nil) }
