package tg.gouv.messagerie.platform.dav;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tg.gouv.messagerie.platform.dav.DavResource.Value;
import tg.gouv.messagerie.platform.dav.PropFind.Wanted;
import tg.gouv.messagerie.platform.xml.XmlName;
import tg.gouv.messagerie.platform.xml.XmlText;

/** The answer to PROPFIND: each resource with the properties that were asked for (RFC 4918 sections 9.1 and 13). */
public final class Multistatus {
    /** What a client is told who asks for all: RFC 3744 section 5 and RFC 4791 section 5.2 keep theirs out of it. */
    private static final List<XmlName> ALL = List.of(DavNames.RESOURCE_TYPE, DavNames.DISPLAY_NAME);

    private static final Map<String, String> PREFIXES = Map.of(DavNames.DAV, "D", DavNames.CALDAV, "C");

    private final XmlText xml = new XmlText();

    private Multistatus() {}

    /** The document. */
    public static byte[] of(List<DavResource> resources, PropFind asked) {
        Multistatus answer = new Multistatus();
        answer.xml.open("D:multistatus", "xmlns:D", DavNames.DAV, "xmlns:C", DavNames.CALDAV);
        resources.forEach(it -> answer.resource(it, asked));
        return answer.xml.close().bytes();
    }

    private void resource(DavResource resource, PropFind asked) {
        xml.open("D:response").leaf("D:href", resource.href());
        Map<XmlName, Value> there = resource.properties();
        if (asked.wanted() == Wanted.NAMES) {
            xml.open("D:propstat").open("D:prop");
            there.keySet().forEach(this::empty);
            ended("200 OK");
        } else {
            Set<XmlName> named = new LinkedHashSet<>(asked.wanted() == Wanted.ALL ? ALL : List.of());
            named.addAll(asked.names());
            Map<XmlName, Value> found = new LinkedHashMap<>();
            List<XmlName> missing = new ArrayList<>();
            for (XmlName name : named) {
                Value value = there.get(name);
                if (value != null) {
                    found.put(name, value);
                } else {
                    missing.add(name);
                }
            }
            missing.retainAll(asked.names());
            if (!found.isEmpty() || missing.isEmpty()) {
                xml.open("D:propstat").open("D:prop");
                found.forEach(this::property);
                ended("200 OK");
            }
            if (!missing.isEmpty()) {
                xml.open("D:propstat").open("D:prop");
                missing.forEach(this::empty);
                ended("404 Not Found");
            }
        }
        xml.close();
    }

    private void ended(String status) {
        xml.close().leaf("D:status", "HTTP/1.1 " + status).close();
    }

    private void property(XmlName name, Value value) {
        switch (value) {
            case Value.Text(String text) -> xml.leaf(qualified(name), text);
            case Value.Hrefs(List<String> targets) when targets.isEmpty() -> empty(name);
            case Value.Elements(List<XmlName> names) when names.isEmpty() -> empty(name);
            case Value.Hrefs(List<String> targets) -> {
                xml.open(qualified(name));
                targets.forEach(it -> xml.leaf("D:href", it));
                xml.close();
            }
            case Value.Elements(List<XmlName> names) -> {
                xml.open(qualified(name));
                names.forEach(this::empty);
                xml.close();
            }
        }
    }

    /** Properties of ours are in namespaces of ours. */
    private static String qualified(XmlName name) {
        return PREFIXES.get(name.namespace()) + ":" + name.local();
    }

    /** Of whatever namespace a client named. */
    private void empty(XmlName name) {
        if (PREFIXES.containsKey(name.namespace())) {
            xml.empty(qualified(name));
        } else if (name.namespace().isEmpty()) {
            xml.empty(name.local());
        } else {
            xml.empty("x:" + name.local(), "xmlns:x", name.namespace());
        }
    }
}
