package tg.gouv.messagerie.directory.ldap;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.directory.api.ldap.model.entry.Attribute;
import org.apache.directory.api.ldap.model.entry.DefaultAttribute;
import org.apache.directory.api.ldap.model.entry.DefaultEntry;
import org.apache.directory.api.ldap.model.entry.Entry;
import org.apache.directory.api.ldap.model.entry.Value;
import org.apache.directory.api.ldap.model.exception.LdapException;
import org.apache.directory.api.ldap.model.name.Dn;
import org.apache.directory.api.ldap.model.schema.AttributeType;
import org.apache.directory.api.ldap.model.schema.SchemaManager;
import org.apache.directory.api.ldap.model.schema.UsageEnum;

/** Entries as ApacheDS's interceptors know them, and as the tables have them. */
record EntryCodec(SchemaManager schema, Base base) {
    /** What the tables keep: no operational attribute, those are columns or computed. */
    Map<String, List<String>> kept(Entry entry) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        for (Attribute attribute : entry) {
            AttributeType type = attribute.getAttributeType();
            if (type.getUsage() != UsageEnum.USER_APPLICATIONS) {
                continue;
            }
            List<String> values = new ArrayList<>();
            for (Value value : attribute) {
                if (!attribute.isHumanReadable()) {
                    values.add(Base64.getEncoder().encodeToString(value.getBytes()));
                } else if (value.getString() != null) {
                    values.add(FilterPlan.isName(type) ? base.kept(value.getString()) : value.getString());
                }
            }
            kept.put(type.getName(), values);
        }
        return kept;
    }

    /** The entry that the tables have. */
    Entry entry(Row row) throws LdapException {
        Entry entry = new DefaultEntry(schema, new Dn(schema, base.absolute(row.dn())));
        for (Map.Entry<String, List<String>> each : row.attributes().entrySet()) {
            AttributeType type = schema.getAttributeType(each.getKey());
            if (type == null) {
                continue;
            }
            Attribute attribute = new DefaultAttribute(each.getKey(), type);
            for (String value : each.getValue()) {
                if (attribute.isHumanReadable()) {
                    attribute.add(FilterPlan.isName(type) ? base.shown(value) : value);
                } else {
                    attribute.add(Base64.getDecoder().decode(value));
                }
            }
            entry.put(attribute);
        }
        return entry;
    }
}
