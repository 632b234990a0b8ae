package tg.gouv.messagerie.mail.james;

import org.apache.commons.configuration2.BaseConfiguration;
import org.apache.commons.configuration2.BaseHierarchicalConfiguration;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.HierarchicalConfiguration;
import org.apache.commons.configuration2.tree.ImmutableNode;

/**
 * James's configurations, written as keys and values.
 *
 * <p>Keys are expressions of Commons Configuration: {@code (-1)} adds a node, a key without an index means the last one added.
 */
final class ConfigurationTree {
    private ConfigurationTree() {}

    static HierarchicalConfiguration<ImmutableNode> tree(Object... keysAndValues) {
        return fill(new BaseHierarchicalConfiguration(), keysAndValues);
    }

    static Configuration flat(Object... keysAndValues) {
        return fill(new BaseConfiguration(), keysAndValues);
    }

    static <C extends Configuration> C fill(C configuration, Object... keysAndValues) {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            configuration.addProperty((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return configuration;
    }
}
