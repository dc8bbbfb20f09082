//go:build !unix

package main

import "os"

// backupSignals are none where there is no SIGUSR1.
func backupSignals() (asked <-chan os.Signal, stop func()) { return nil, func() {} }
