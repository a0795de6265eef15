namespace LaionStream.Explorer.Data;

/// <summary>Fetches a picture from the web under the rules of a run: addresses of this machine and of private networks are never connected to.</summary>
internal interface IPictureFetch
{
    /// <summary>Fetches one.</summary>
    /// <param name="url">Its address.</param>
    /// <param name="abort">Ends the fetch.</param>
    /// <returns>The bytes, and null; or null, and why there are none: a drop reason's name.</returns>
    Task<(byte[]? Bytes, string? Reason)> FetchAsync(string url, CancellationToken abort);
}
