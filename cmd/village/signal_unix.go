//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// backupSignals are the signals that ask for a backup: SIGUSR1.
func backupSignals() (asked <-chan os.Signal, stop func()) {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, syscall.SIGUSR1)
	return ch, func() { signal.Stop(ch) }
}
