package tg.gouv.messagerie.platform.dav;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tg.gouv.messagerie.platform.xml.XmlName;

/**
 * A resource as its properties show it.
 *
 * @param href its path, percent-encoded; a collection's ends with a slash (RFC 4918 section 5.2)
 * @param properties those that it has, in the order in which they are shown
 */
public record DavResource(String href, Map<XmlName, Value> properties) {
    public DavResource {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /** What a property says. */
    public sealed interface Value {
        /** A text. */
        record Text(String text) implements Value {}

        /** Addresses, each in an {@code href} of its own. */
        record Hrefs(List<String> targets) implements Value {
            public Hrefs {
                targets = List.copyOf(targets);
            }
        }

        /** Elements that hold nothing. */
        record Elements(List<XmlName> names) implements Value {
            public Elements {
                names = List.copyOf(names);
            }
        }
    }
}
