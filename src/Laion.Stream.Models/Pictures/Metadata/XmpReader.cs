using System.Xml;

namespace LaionStream.Models.Pictures.Metadata;

/// <summary>
/// Reads properties of an XMP packet (ISO 16684-1: RDF in XML): as an attribute of a description, as an element with a text, with a reference, or with an array
/// of these. Only properties of the picture itself count, not those inside others, such as the metadata of ingredients.
/// </summary>
internal static class XmpReader
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const int MostDepth = 64;
    private const int MostCharacters = 4 << 20;
    private const int MostValues = 256;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostCharacters,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        ConformanceLevel = ConformanceLevel.Fragment, // a packet may be cut, or stand among others
    };

    /// <summary>The values of some properties in document order. Damage ends the reading; what came before it counts.</summary>
    /// <param name="packet">The packet's text.</param>
    /// <param name="wanted">Which properties, by namespace and local name.</param>
    public static IReadOnlyList<XmpValue> Read(string packet, Func<string, string, bool> wanted)
    {
        var values = new List<XmpValue>();
        try
        {
            using var xml = XmlReader.Create(new StringReader(packet), Settings);
            Read(xml, wanted, values);
        }
        catch (XmlException)
        {
            return values; // untrusted bytes: nothing more can be read
        }

        return values;
    }

    private static void Read(XmlReader xml, Func<string, string, bool> wanted, List<XmpValue> values)
    {
        int root = -1; // depth of rdf:RDF
        (string Space, string Name)? property = null;
        bool isDefault = false;
        while (xml.Read() && values.Count < MostValues)
        {
            if (xml.NodeType == XmlNodeType.Element)
            {
                if (xml.Depth > MostDepth) { return; }
                int depth = root < 0 ? -1 : xml.Depth - root;
                if (root < 0 && xml.LocalName == "RDF" && xml.NamespaceURI == Rdf) { root = xml.Depth; }
                else if (depth == 1) { AddAttributes(xml, wanted, values); }
                else if (depth == 2) { property = wanted(xml.NamespaceURI, xml.LocalName) ? (xml.NamespaceURI, xml.LocalName) : null; }

                isDefault = xml.XmlLang is "x-default";
                if (depth >= 2 && property is { } open) { AddReference(xml, open, values); }
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && property is { } open && root >= 0 && xml.Depth - root > 2)
            {
                string text = xml.Value.Trim();
                if (text.Length > 0) { values.Add(new XmpValue(open.Space, open.Name, text, isDefault)); }
            }
            else if (xml.NodeType == XmlNodeType.EndElement)
            {
                if (root >= 0 && xml.Depth <= root) { root = -1; }
                if (root >= 0 && xml.Depth - root <= 2) { property = null; }
            }
        }
    }

    /// <summary>The short form: properties as attributes of their description.</summary>
    private static void AddAttributes(XmlReader xml, Func<string, string, bool> wanted, List<XmpValue> values)
    {
        while (xml.MoveToNextAttribute() && values.Count < MostValues)
        {
            if (wanted(xml.NamespaceURI, xml.LocalName)) { values.Add(new XmpValue(xml.NamespaceURI, xml.LocalName, xml.Value.Trim(), false)); }
        }

        xml.MoveToElement();
    }

    /// <summary>A value as a reference, or as the value of a structure.</summary>
    private static void AddReference(XmlReader xml, (string Space, string Name) property, List<XmpValue> values)
    {
        if ((xml.GetAttribute("resource", Rdf) ?? xml.GetAttribute("value", Rdf)) is { } value) { values.Add(new XmpValue(property.Space, property.Name, value.Trim(), false)); }
    }
}
