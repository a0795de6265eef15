using Microsoft.AspNetCore.Http;

namespace LaionStream.Explorer.Http;

/// <summary>
/// Reads <c>//knn-service</c> as <c>/knn-service</c>: the page of clip-retrieval joins a back end that ends in a slash with paths that begin with one, and its
/// server merges them.
/// </summary>
internal static class DoubledSlashes
{
    /// <summary>Merges them in a request's path.</summary>
    public static Task MergeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value is { } path && path.Contains("//", StringComparison.Ordinal)) { context.Request.Path = Merged(path); }
        return next(context);
    }

    private static string Merged(string path)
    {
        var merged = new System.Text.StringBuilder(path.Length);
        foreach (char c in path)
        {
            if (c != '/' || merged.Length == 0 || merged[^1] != '/') { merged.Append(c); }
        }

        return merged.ToString();
    }
}
