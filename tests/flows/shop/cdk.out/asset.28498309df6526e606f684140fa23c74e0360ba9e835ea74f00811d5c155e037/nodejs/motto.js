module.exports = "a layer";
