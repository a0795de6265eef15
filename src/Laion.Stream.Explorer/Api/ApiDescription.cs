using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LaionStream.Explorer.Api;

/// <summary>Completes <c>/openapi/v1.json</c>: a title, and an example for each body that is sent.</summary>
internal static class ApiDescription
{
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["api/v1/search"] = """
            {"query":[{"text":"a bicycle"},{"text":"a car","weight":-0.5}],"filter":{"languages":["en"],"width":{"min":512},"scores":{"similarity":{"min":0.3}}},"safe":"hide","limit":20}
            """,
        ["api/v1/facets"] = """{"filter":{"sets":["en"],"text":"bicycle"}}""",
        ["api/v1/map/passes"] = """{"filter":{"sets":["en"]}}""",
        ["api/v1/export"] = """{"query":[{"text":"a bicycle"}],"limit":500,"format":"parquet"}""",
        ["api/v1/export/command"] = """{"filter":{"sets":["en"],"width":{"min":1024}},"format":"parquet"}""",
        ["knn-service"] = """
            {"text":"a bicycle","image":null,"image_url":null,"embedding_input":null,"deduplicate":true,"use_safety_model":true,"use_violence_detector":true,"indice_name":"image","use_mclip":false,"aesthetic_score":9,"aesthetic_weight":0.5,"modality":"image","num_images":40,"num_result_ids":40}
            """,
        ["metadata"] = """{"ids":[0,1],"indice_name":"image"}""",
    };

    /// <summary>Adds it.</summary>
    public static void Complete(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Laion.Stream explorer",
                Version = "1",
                Description = "Searches an output of Laion.Stream. Errors are {\"message\", \"field\"}. Where keys are asked for, send X-API-Key.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (!Examples.TryGetValue(context.Description.RelativePath ?? "", out string? example)) { return Task.CompletedTask; }
            if (operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out OpenApiMediaType? media))
            {
                media.Example = JsonNode.Parse(example);
            }
            else
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Example = JsonNode.Parse(example) } },
                };
            }

            return Task.CompletedTask;
        });
    }
}
