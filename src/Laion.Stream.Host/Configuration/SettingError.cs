namespace LaionStream.Host.Configuration;

/// <summary>What is wrong with one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Message">The rest of the line.</param>
internal sealed record SettingError(string Key, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Message}";
}
