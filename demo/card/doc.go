// Package card reads the plugin's answers as a person would: one row per
// promise, with "—" where there is nothing to say.
package card
