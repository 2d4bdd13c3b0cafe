package main

import "github.com/spf13/cobra"

// newRoot makes the command line.
func newRoot() *cobra.Command {
	root := &cobra.Command{Use: "qingfeng", Short: "Holiday integrity reminders that everyone acknowledges, as a chat bot service"}
	root.AddCommand(newDemo())
	return root
}
