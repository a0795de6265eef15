using LaionStream.Engine.Inputs.Pictures;

namespace LaionStream.Engine.Inputs.Tars;

/// <summary>Adjacent entries of a tar with the same key, as WebDataset groups them.</summary>
internal sealed class TarSample
{
    private readonly HashSet<string> _endings = new(StringComparer.OrdinalIgnoreCase);
    private string _key = "";

    /// <summary>Its pictures; most samples have one.</summary>
    public List<TarEntry> Pictures { get; } = [];

    /// <summary>Its <c>.txt</c>, if there is one.</summary>
    public TarEntry? Text { get; private set; }

    /// <summary>Its <c>.json</c>, if there is one.</summary>
    public TarEntry? Json { get; private set; }

    /// <summary>Splits a name at the first dot of its last segment, as WebDataset does; false for one without key or extension.</summary>
    public static bool TrySplit(string name, out string key, out string ending)
    {
        int file = name.LastIndexOf('/') + 1;
        int dot = name.IndexOf('.', file);
        (key, ending) = dot <= file ? ("", "") : (name[..dot], name[(dot + 1)..]);
        return dot > file;
    }

    /// <summary>Adds an entry; false when it belongs to the next sample.</summary>
    public bool TryAdd(TarEntry entry, string key, string ending)
    {
        bool isPicture = PictureNames.IsEnding(ending);
        bool isText = ending.Equals("txt", StringComparison.OrdinalIgnoreCase);
        bool isJson = ending.Equals("json", StringComparison.OrdinalIgnoreCase);
        if (_key.Length > 0 && key != _key) { return false; }
        if (!isPicture && !isText && !isJson) { return true; } // of no use here, as masks or classes
        if (_endings.Contains(ending)) { return false; } // a key that is used again

        _key = key;
        _endings.Add(ending);
        if (isPicture) { Pictures.Add(entry); }
        else if (isText) { Text = entry; }
        else { Json = entry; }
        return true;
    }

    /// <summary>Begins the next sample.</summary>
    public void Clear()
    {
        _endings.Clear();
        Pictures.Clear();
        (_key, Text, Json) = ("", null, null);
    }
}
