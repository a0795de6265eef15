using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace LaionStream.TestWorld;

/// <summary>The multilingual corpora of <c>data/lang</c>: sentences, words and photo captions, about 227,000 lines in 75 languages.</summary>
public static class LanguageCorpora
{
    /// <summary>All lines, files in ordinal order of their names.</summary>
    public static IEnumerable<string> Lines()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string archive in Directory.GetFiles(SharedData.PathOf("data", "lang"), "*.tar.gz"))
        {
            using var tar = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is { } data)
                {
                    files.Add(entry.Name, Read(data));
                }
            }
        }

        foreach (string captions in Directory.GetFiles(SharedData.PathOf("data", "lang", "multi30k-val"), "*.gz"))
        {
            using var plain = new GZipStream(File.OpenRead(captions), CompressionMode.Decompress);
            files.Add(Path.GetFileName(captions), Read(plain));
        }

        return files.Values.SelectMany(text => text.Split('\n'));
    }

    private static string Read(Stream data)
    {
        using var bytes = new MemoryStream();
        data.CopyTo(bytes);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length); // a byte order mark is kept, as in Python's utf-8
    }
}
