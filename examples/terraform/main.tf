# Stakes with Grafana's Terraform provider: the data source with its catalogue, the
# dashboards, and an alert rule that keeps its last state where the data cannot tell.

terraform {
  required_providers {
    grafana = {
      source  = "grafana/grafana"
      version = ">= 3.0"
    }
  }
}

variable "prometheus_url" {
  type        = string
  description = "Address of the store, as Grafana reaches it."
  default     = "http://127.0.0.1:9090"
}

variable "confidential_catalog" {
  type        = string
  description = "Documents that must stay in the house: what events are worth, names of customers."
  sensitive   = true
  default     = ""
}

resource "grafana_data_source" "stakes" {
  type = "stakes-slo-datasource"
  name = "Stakes"
  uid  = "stakes"
  url  = var.prometheus_url

  json_data_encoded = jsonencode({
    httpMethod   = "POST"
    timeInterval = "1m"
    currency     = "EUR"
    catalog      = file("${path.module}/../shop/catalog.yaml")
  })

  secure_json_data_encoded = jsonencode({
    catalog = var.confidential_catalog
  })
}

resource "grafana_folder" "stakes" {
  title = "Stakes"
  uid   = "stakes"
}

# The provisioned dashboards refer to the data source by its uid, "stakes".
resource "grafana_dashboard" "all" {
  for_each    = fileset("${path.module}/../../provisioning/dashboards", "*.json")
  folder      = grafana_folder.stakes.uid
  config_json = file("${path.module}/../../provisioning/dashboards/${each.value}")
}

resource "grafana_rule_group" "promises" {
  name             = "Promises"
  folder_uid       = grafana_folder.stakes.uid
  interval_seconds = 60

  rule {
    name           = "An error budget burns too fast"
    condition      = "B"
    for            = "0s"
    no_data_state  = "KeepLast"
    exec_err_state = "KeepLast"
    annotations = {
      summary = "{{ $labels.slo }}: the error budget burns too fast ({{ $labels.severity }})"
    }

    data {
      ref_id         = "A"
      datasource_uid = grafana_data_source.stakes.uid
      relative_time_range {
        from = 3600
        to   = 0
      }
      model = jsonencode({
        refId     = "A"
        queryType = "alert"
        query     = { version = 1 }
      })
    }

    data {
      ref_id         = "B"
      datasource_uid = "__expr__"
      relative_time_range {
        from = 0
        to   = 0
      }
      model = jsonencode({
        refId      = "B"
        type       = "threshold"
        expression = "A"
        conditions = [{ evaluator = { type = "gt", params = [0] } }]
      })
    }
  }
}
