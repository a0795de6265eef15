namespace LaionStream.Host.Live;

/// <summary>What the terminal behind stderr can show.</summary>
/// <param name="HasColour">Whether colours are wanted: <c>NO_COLOR</c> is not set.</param>
/// <param name="IsUnicode">Whether the locale is one of UTF-8; otherwise bars and arrows are drawn in ASCII.</param>
internal sealed record LiveTerminal(bool HasColour, bool IsUnicode)
{
    private static readonly string[] Locales = ["LC_ALL", "LC_CTYPE", "LANG"]; // the first that is set counts

    /// <summary>The terminal of this process; null when lines are to be written instead of a view.</summary>
    /// <param name="isPlain">Whether the user gave <c>--plain</c>.</param>
    public static LiveTerminal? Find(bool isPlain) => Of(isPlain || Console.IsErrorRedirected, Environment.GetEnvironmentVariable);

    /// <summary>The terminal that variables describe.</summary>
    /// <param name="isOff">Whether there is none, or it is not to be used.</param>
    /// <param name="variable">Reads an environment variable.</param>
    internal static LiveTerminal? Of(bool isOff, Func<string, string?> variable)
    {
        // A terminal without a name, or a dumb one, cannot move its cursor.
        if (isOff || (!OperatingSystem.IsWindows() && variable("TERM") is null or "" or "dumb" or "unknown")) { return null; }

        string locale = Locales.Select(variable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        bool isUnicode = OperatingSystem.IsWindows() || locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase)
            || locale.Contains("utf8", StringComparison.OrdinalIgnoreCase);
        return new LiveTerminal(string.IsNullOrEmpty(variable("NO_COLOR")), isUnicode);
    }
}
