// Package plugin is the side of Stakes that Grafana speaks to: settings, queries,
// frames, health and resources.
//
// A query passes four hops: QueryData takes the request apart, decode makes a
// question of a query's JSON, run answers it from the events that package prom
// counts, and an answer becomes frames. Now is an argument everywhere below
// QueryData.
package plugin
