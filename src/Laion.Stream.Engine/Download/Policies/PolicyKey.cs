namespace LaionStream.Engine.Download.Policies;

/// <summary>One file of one origin.</summary>
/// <param name="Kind">The file.</param>
/// <param name="Origin">Scheme, host and port as <see cref="LaionStream.Text.Urls.WebUrl.Origin"/> writes them.</param>
internal readonly record struct PolicyKey(PolicyKind Kind, string Origin)
{
    /// <summary>Its address.</summary>
    public string Url => Origin + (Kind == PolicyKind.Robots ? "/robots.txt" : "/.well-known/tdmrep.json");

    /// <summary>What the fetch's result means.</summary>
    public IPolicyFile Read(PolicyFetchResult result) => Kind == PolicyKind.Robots ? RobotsFile.From(result) : TdmFile.From(result);
}
