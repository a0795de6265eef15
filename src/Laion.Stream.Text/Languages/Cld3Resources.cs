using System.Globalization;
using System.Text;

namespace LaionStream.Text.Languages;

/// <summary>Reads the parameters and tables of CLD3 that are embedded in this assembly (see NOTICE.txt beside this file).</summary>
internal static class Cld3Resources
{
    /// <summary>All bytes of an embedded file.</summary>
    /// <param name="name">File name without folder.</param>
    /// <exception cref="InvalidOperationException">The assembly was built without the file.</exception>
    public static byte[] Bytes(string name)
    {
        using Stream stream = typeof(Cld3Resources).Assembly.GetManifestResourceStream("Cld3/" + name)
            ?? throw new InvalidOperationException($"The resource Cld3/{name} is missing from the assembly.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The fields of each line after the heading of an embedded tab-separated file.</summary>
    public static IEnumerable<string[]> Rows(string name) =>
        Encoding.UTF8.GetString(Bytes(name)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.TrimEnd('\r').Split('\t'));

    /// <summary>A code point written in hex.</summary>
    public static int CodePoint(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
