"""Networks from elsewhere as explanations need them: ending in raw logits."""

import keras

from glassbox.xai.gradient import check_model

SATURATING = (keras.activations.sigmoid, keras.activations.softmax)
PASSING = (keras.layers.Identity, keras.layers.Reshape, keras.layers.Flatten)


def to_logits(model: keras.Model) -> keras.Model:
    """The same network without a sigmoid or softmax at its end; itself where it has none.

    The gradient of a saturated probability is zero exactly where the network is sure. Found are the activation of the
    last layer and a layer of its own, also behind layers that only pass values on. Weights are shared.
    """
    passed: list[keras.layers.Layer] = []
    tensor = model.outputs[0]
    while True:
        layer = tensor._keras_history.operation
        linear = isinstance(layer, keras.layers.Activation) and layer.activation is keras.activations.linear
        if not (linear or isinstance(layer, PASSING)):
            break
        passed.append(layer)
        tensor = layer.input
    own = isinstance(layer, keras.layers.Softmax) or type(layer).__name__ in ("Sigmoid", "Softmax")
    if own or (isinstance(layer, keras.layers.Activation) and layer.activation in SATURATING):
        tensor = layer.input
    elif getattr(layer, "activation", None) in SATURATING:
        plain = type(layer).from_config(layer.get_config() | {"activation": "linear", "name": f"{layer.name}_logits"})
        tensor = plain(layer.input)
        plain.set_weights(layer.get_weights())
    else:
        check_model(model)
        return model
    for each in reversed(passed):
        tensor = type(each).from_config(each.get_config() | {"name": f"{each.name}_logits"})(tensor)
    made = keras.Model(model.inputs[0], tensor, name=model.name)
    check_model(made)
    return made
